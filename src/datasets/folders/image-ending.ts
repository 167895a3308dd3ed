/** Names of files that are listed as images; the format itself is recognised by content. */
export const imageEnding = /\.(png|jpe?g|jpe|jfif|gif|bmp|webp|tiff?|avif|heic|heif|p[bgnp]m)$/i
