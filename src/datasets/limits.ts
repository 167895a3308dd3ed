/*
 * What a data file may cost. Every limit of a decoder stands here, so that whatever is read ends within seconds and
 * within 500 MB beyond what the data themselves need. docs/data.md lists those that users may meet.
 */

const MiB = 2 ** 20

/** The largest image file that is read. */
export const mostImageFileBytes = 128 * MiB
/** Width times height of the largest image that is decoded: photos of 8160 x 6120 are just within. */
export const mostImagePixels = 50_000_000
/** A file may hold so many bytes of image data more than its pixels need, as some encoders write; they are ignored. */
export const mostSurplusImageBytes = 64 * 1024
/** Chunks of a PNG image. The usual 8 KiB in each are 16,000 for the largest file. */
export const mostPngChunks = 100_000
/**
 * Steps that the scans of a JPEG image may take, all together: for each block of 8x8 and scan 8, or where a scan refines
 * coefficients, one for each of these. Bounds the time of a progressive image; a usual one of 50 megapixels takes 160 million.
 */
export const mostJpegSteps = 500_000_000
/** What the coefficients of a JPEG image of several scans may take until the last scan. */
export const mostJpegCoefficientBytes = 200 * MiB

/** Everything that is packed may unpack to this much... */
export const freeUnpackedBytes = 128 * MiB
/** ...and beyond that to so many times the bytes of its file. Images pack to a fifth or a half, zeros to a thousandth. */
export const mostUnpackedRatio = 50
/** The decoded images of a folder, likewise: an image of one colour has few bytes, so a small folder could claim a lot of memory. */
export const mostDecodedRatio = 100
/** All images of a data set, or one of its arrays, in memory: what one typed array of Node 20 holds. */
export const mostDatasetBytes = 2 ** 32 - 1

/** Files in a tar archive. Published data sets have twenty. */
export const mostTarEntries = 10_000
/** The directory of a ZIP archive: some 100,000 names. */
export const mostZipDirectoryBytes = 16 * MiB
/** The header of a `.npy` file; NumPy itself refuses longer ones. */
export const mostNpyHeaderBytes = 10_000
/** Instructions of a pickle. A batch of ImageNet16 has 130,000, one a label. */
export const mostPickleInstructions = 2_000_000
/** Lists, dictionaries and tuples in a pickle. A batch of ImageNet16 has ten. */
export const mostPickleContainers = 100_000
/** A file of pixels as JSON text, as the package fashion-mnist has them. */
export const mostPixelRowsBytes = 64 * MiB
/** A kept data set in the cache folder: no more can be read at once. A larger one is made anew each time. */
export const mostCacheFileBytes = 2 ** 31 - 1
/** What describes the images in a cache file; names of 256 classes are most of it. */
export const mostCacheHeaderBytes = 1 * MiB
