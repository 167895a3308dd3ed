#include <node_api.h>
#include <stdlib.h>

/* An addon whose functions take their process down, as a faulty library would. */

static napi_value segfault(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  volatile int* nowhere = NULL;
  *nowhere = 1;
  return NULL;
}

static napi_value abort_process(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  abort();
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "segfault", NAPI_AUTO_LENGTH, segfault, NULL, &function);
  napi_set_named_property(env, exports, "segfault", function);
  napi_create_function(env, "abort", NAPI_AUTO_LENGTH, abort_process, NULL, &function);
  napi_set_named_property(env, exports, "abort", function);
  return exports;
}
