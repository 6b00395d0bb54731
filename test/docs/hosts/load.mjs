import { pathToFileURL } from 'node:url';

const [folder] = process.argv.slice(2);

/** Where the guide's app is served. */
export const port = Number(process.env.PORT);

/** Imports a file of the guide's; with another query, another copy of it. */
export const load = async (file) => import(new URL(file, pathToFileURL(`${folder}/`)).href);
