import { imageKind } from '../folders/decode/image-kind.js'
import { beside, python, shell } from './commands.js'
import { begins, hasAt, isMarkup, type UnreadFile } from './unread-file.js'

const sorted = 'and sort those into a folder for each class'

/** Pictures and what holds some, in formats that are not decoded. */
export const mediaFormats: readonly UnreadFile[] = [
  {
    is: 'a video',
    matches: (start) =>
      (hasAt(4, 'ftyp')(start) && imageKind(start.bytes) === null) ||
      hasAt(4, 'moov', 'mdat')(start) ||
      (begins('RIFF')(start) && hasAt(8, 'AVI ')(start)) ||
      begins('\x1aE\xdf\xa3', '\0\0\x01\xb3', '\0\0\x01\xba')(start),
    next: (file) =>
      `Write its frames to files, ${sorted}: ${shell`mkdir -p ${beside(file, '')} && ffmpeg -i ${file} ${`${beside(file, '')}/%06d.png`}`}`,
  },
  {
    is: 'a sound',
    matches: (start) => begins('ID3', 'fLaC', 'OggS')(start) || (begins('RIFF')(start) && hasAt(8, 'WAVE')(start)),
    next: () => 'Only images are read: save spectrograms as images, in a folder for each class.',
  },
  {
    is: 'a PDF document',
    matches: begins('%PDF-'),
    next: (file) =>
      `Write its images to files, ${sorted}: ${shell`mkdir -p ${beside(file, '')} && pdfimages -png ${file} ${`${beside(file, '')}/image`}`}`,
  },
  {
    is: 'a DICOM image',
    matches: hasAt(128, 'DICM'),
    next: (file) =>
      `Convert each to PNG, in a folder for each class: ${python(
        'import sys,pydicom,numpy as np; from PIL import Image; a=pydicom.dcmread(sys.argv[1]).pixel_array.astype(float); ' +
          'Image.fromarray((255*(a-a.min())/max(np.ptp(a),1)).astype("uint8")).save(sys.argv[2])',
        file,
        beside(file, '.png'),
      )}`,
  },
  {
    is: 'a NIfTI volume',
    matches: hasAt(344, 'n+1\0', 'ni1\0'),
    isPacked: true,
    next: (file) =>
      `Write its slices to files, ${sorted}: ${python(
        'import sys,os,nibabel,numpy as np; from PIL import Image; a=nibabel.load(sys.argv[1]).get_fdata(); os.makedirs(sys.argv[2]); ' +
          '[Image.fromarray((255*(a[:,:,i]-a.min())/max(np.ptp(a),1)).astype("uint8")).save(os.path.join(sys.argv[2],str(i)+".png")) for i in range(a.shape[2])]',
        file,
        beside(file.replace(/\.gz$/i, ''), '-slices'),
      )}`,
  },
  {
    is: 'a HEIC image',
    matches: ({ bytes }) => imageKind(bytes) === 'HEIC',
    next: (file) =>
      `Convert each to JPEG, in a folder for each class: ${shell`heif-convert ${file} ${beside(file, '.jpg')}`}`,
  },
  {
    is: 'an SVG image, which is made of lines, not of pixels',
    matches: (start) => isMarkup(start, /<svg\b/i),
    next: (file) =>
      `Convert each to PNG, in a folder for each class: ${shell`rsvg-convert -o ${beside(file, '.png')} ${file}`}`,
  },
  {
    is: 'an image in a format that is not read (JPEG 2000, JPEG XL, PSD, OpenEXR, ICO)',
    matches: begins(
      '\0\0\0\x0cjP  ',
      '\xff\x4f\xff\x51',
      '\0\0\0\x0cJXL ',
      '\xff\x0a',
      '8BPS',
      'v/1\x01',
      '\0\0\x01\0',
    ),
    next: (file) => `Convert each to PNG, in a folder for each class: ${shell`magick ${file} ${beside(file, '.png')}`}`,
  },
]
