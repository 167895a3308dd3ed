/*
 * The limits of all decoders, so that reading any file ends within seconds and needs at most 500 MB beyond the data
 * themselves. docs/data.md lists those that users may reach.
 */

const MiB = 2 ** 20

/** Maximum size of an image file. */
export const mostImageFileBytes = 128 * MiB
/** Maximum width times height of an image; just enough for photos of 8160 x 6120. */
export const mostImagePixels = 50_000_000
/** Any packed file may unpack to this size... */
export const freeUnpackedBytes = 128 * MiB
/** ...or to this multiple of its own size if that is more. Images pack to a fifth or a half, zeros to a thousandth. */
export const mostUnpackedRatio = 50
/**
 * The same ratio for the decoded images of a folder: an image of a single colour has few bytes, so a small folder could
 * need much memory.
 */
export const mostDecodedRatio = 100
/** Maximum memory of all images of a data set, or of one array: the maximum of a typed array in Node 20. */
export const mostDatasetBytes = 2 ** 32 - 1

/** Files in the tar archive of a published data set, which have twenty. */
export const mostTarEntries = 10_000
/** Cells of a table of labels beside images: a million images with two columns of their own. */
export const mostLabelCells = 5_000_000
/** Maximum size of such a table. */
export const mostLabelTableBytes = 64 * MiB
/** Files in an archive of images, as in a folder of them (`defaultFolderLimits`). */
export const mostArchivedFiles = 2_000_000
/** The directory of a ZIP archive: some 600,000 names, more than twice those of Tiny ImageNet. */
export const mostZipDirectoryBytes = 64 * MiB
/** The header of a `.npy` file; NumPy itself refuses longer ones. */
export const mostNpyHeaderBytes = 10_000
/** Maximum instructions of a pickle. A batch of ImageNet16 has 130,000, one per label. */
export const mostPickleInstructions = 2_000_000
/** Lists, dictionaries and tuples in a pickle. A batch of ImageNet16 has ten. */
export const mostPickleContainers = 100_000
/** What a group of rows of a Parquet file unpacks to. A hundred photos have some 50 MB. */
export const mostParquetGroupBytes = 384 * MiB
/** What Parquet files say of themselves: a million classes would fit. */
export const mostParquetFooterBytes = 32 * MiB
/** A file of pixels as JSON text, as the package fashion-mnist has them. */
export const mostPixelRowsBytes = 64 * MiB
/** A table of pixels as CSV: four characters a pixel for 4 GiB of images. */
export const mostPixelCsvBytes = 16 * 2 ** 30
/** A line of such a table: an image of a million pixels with its label. */
export const mostCsvLineBytes = 16 * MiB
export const mostCsvColumns = 1_100_000
export const mostCsvRows = 10_000_000
/** Maximum size of a cached data set, since no more can be read in one call. A larger one is rebuilt each time. */
export const mostCacheFileBytes = 2 ** 31 - 1
/** Maximum size of the header of a cache file; mostly the names of up to 65,536 classes, of 255 bytes each. */
export const mostCacheHeaderBytes = 32 * MiB
