import { serveDriver } from './serve-driver.js'

/* The program of a worker process. */
serveDriver()
