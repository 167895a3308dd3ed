/** Makes the settings that the C library reads once, when it is loaded. What the user has set stays. */
export function prepareEnvironment(environment: NodeJS.ProcessEnv, hasGpu: boolean): void {
  // Errors only: the library tells at length which instructions it was compiled for.
  environment.TF_CPP_MIN_LOG_LEVEL ??= '2'
  if (hasGpu) {
    // Otherwise the first process takes all the memory of the GPU.
    environment.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true'
    // The order in which nvidia-smi numbers them.
    environment.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID'
    // Otherwise the gradients of a convolution differ from run to run.
    environment.TF_CUDNN_DETERMINISTIC ??= '1'
  } else {
    // One a worker, as with the other engines: sums over several threads differ in their last bits with their number.
    environment.TF_NUM_INTRAOP_THREADS ??= '1'
    environment.TF_NUM_INTEROP_THREADS ??= '1'
  }
}
