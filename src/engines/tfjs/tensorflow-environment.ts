/** Sets the variables that the C library reads when it is loaded, unless the user has set them. */
export function prepareEnvironment(environment: NodeJS.ProcessEnv, hasGpu: boolean): void {
  // Errors only: the library prints long messages about its instruction sets.
  environment.TF_CPP_MIN_LOG_LEVEL ??= '2'
  if (hasGpu) {
    // Otherwise the first process takes all the memory of the GPU.
    environment.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
    // The order of nvidia-smi.
    environment.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'
    // Otherwise the gradients of a convolution differ from run to run.
    environment.TF_CUDNN_DETERMINISTIC ??= '1'
  } else {
    // One thread per worker, as with the other engines: the last bits of sums depend on the number of threads.
    environment.TF_NUM_INTRAOP_THREADS ??= '1'
    environment.TF_NUM_INTEROP_THREADS ??= '1'
  }
}
