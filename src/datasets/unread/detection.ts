import { python, saveInClass } from './commands.js'

/*
 * Detection sets have boxes in images, each with a class, and not one class for each image. What is in the boxes can be
 * cut out.
 */

const cutOut = 'Cut out what is in the boxes, into a folder for each class: '
const start = 'import sys,os,glob,json; from PIL import Image; '
const crop = (image: string, box: string): string => `Image.open(${image}).convert("RGB").crop((${box}))`

/** @param file the annotations, such as `instances_train.json` @param images the folder of the images */
export function cropCoco(file: string, images: string): string {
  return (
    cutOut +
    python(
      `${start}d=json.load(open(sys.argv[1])); n={c["id"]:c["name"] for c in d["categories"]}; f={i["id"]:i["file_name"] for i in d["images"]}; ` +
        `[${saveInClass('sys.argv[3]', 'n[a["category_id"]]', 'str(a["id"])', crop('os.path.join(sys.argv[2],f[a["image_id"]])', 'x,y,x+w,y+h'))} ` +
        'for a in d["annotations"] for x,y,w,h in [a["bbox"]] if min(w,h)>=1]',
      file,
      images,
      `${images}-boxes`,
    )
  )
}

/** @param folder that of JPEGImages and Annotations */
export function cropVoc(folder: string): string {
  return (
    cutOut +
    python(
      `${start}import xml.etree.ElementTree as E; ` +
        `[${saveInClass('sys.argv[2]', 'o.find("name").text', 'n+"-"+str(i)', crop('os.path.join(sys.argv[1],"JPEGImages",n+".jpg")', '*[float(o.find("bndbox").find(k).text) for k in ("xmin","ymin","xmax","ymax")],'))} ` +
        'for a in glob.glob(os.path.join(sys.argv[1],"Annotations","*.xml")) for n in [os.path.basename(a)[:-4]] for i,o in enumerate(E.parse(a).iter("object"))]',
      folder,
      `${folder}-boxes`,
    )
  )
}

/** @param folder that of `images` and `labels`, or of splits with these in them */
export function cropYolo(folder: string): string {
  return (
    cutOut +
    python(
      `${start}r=sys.argv[1]; ` +
        `[${saveInClass('sys.argv[2]', 'c', 'n+"-"+str(i)', 'm.crop(((x-w/2)*m.width,(y-h/2)*m.height,(x+w/2)*m.width,(y+h/2)*m.height))')} ` +
        'for t in glob.glob(r+"/**/labels/**/*.txt",recursive=True) for n in [os.path.basename(t)[:-4]] ' +
        'for m in [Image.open(glob.glob("/images/".join(t.rsplit("/labels/",1))[:-3]+"*")[0]).convert("RGB")] ' +
        'for i,l in enumerate(open(t)) for c in [l.split()[0]] for x,y,w,h in [map(float,l.split()[1:5])]]',
      folder,
      `${folder}-boxes`,
    )
  )
}
