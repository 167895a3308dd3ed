import { pathWord, shellWord } from '../../platform/shell.js'

/** `photos/my.h5` and `.npz` to `photos/my.npz`: the path of what a file or folder is converted to. */
export function beside(location: string, ending: string): string {
  return `${location.replace(/[/\\]+$/, '').replace(/(?<=[^/\\])(\.tar)?\.[^./\\]+$/, '')}${ending}`
}

/** A line for a POSIX shell that runs Python with paths as arguments. The code quotes with double quotes. */
export function python(code: string, ...paths: readonly string[]): string {
  return ['python3', '-c', shellWord(code), ...paths.map(pathWord)].join(' ')
}

/** A line for a POSIX shell, in which paths are quoted if needed. */
export function shell(texts: TemplateStringsArray, ...paths: readonly string[]): string {
  return texts.map((text, i) => text + (i < paths.length ? pathWord(paths[i] as string) : '')).join('')
}

/** Python that saves the dictionary of arrays `d` as the `.npz` file of the second argument. */
export const saveDictionary = 'np.savez(sys.argv[2],**d)'

/** Python that saves an image as PNG in the folder of its class; each part is an expression. */
export function saveInClass(out: string, className: string, name: string, image: string): string {
  return `(os.makedirs(p:=os.path.join(${out},str(${className})),exist_ok=True),${image}.save(os.path.join(p,${name}+".png")))`
}
