#include "choose_kernels.h"

#include <vector>

#include "plan.h"

namespace fear_nas {

#if defined(__wasm__)
const Kernels* simd128_kernels();
#endif

namespace {

/** Best first. */
std::vector<const Kernels*> available_kernels() {
  std::vector<const Kernels*> kernels;
#if defined(FEAR_X64)
  // Needed where the addon's constructors have not run it, as with Clang's runtime.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) kernels.push_back(avx512_kernels());
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels.push_back(avx2_kernels());
#endif
#if defined(__wasm__)
  kernels.push_back(simd128_kernels());
#else
  kernels.push_back(generic_kernels());
#endif
  return kernels;
}

}  // namespace

std::string instruction_sets() {
  std::string names;
  for (const Kernels* kernels : available_kernels()) {
    if (!names.empty()) names += ',';
    names += kernels->name;
  }
  return names;
}

const Kernels& choose_kernels(const std::string& name) {
  for (const Kernels* kernels : available_kernels()) {
    if (name.empty() || name == kernels->name) return *kernels;
  }
  throw NetworkError("this machine does not have the instruction set '" + name + "', only " + instruction_sets());
}

}  // namespace fear_nas
