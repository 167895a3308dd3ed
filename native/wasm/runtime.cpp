// What C++ asks of its surroundings, given by JavaScript: a place to send exceptions, memory and the time.
//
// An exception is never caught in C++: it leaves as a JavaScript error, which runs the destructors on its way
// (-fwasm-exceptions) as a C++ one would. So the exception library is only the three functions below. The
// caller of an export that throws must reset the stack pointer (see src/engines/wasm/).
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <new>
#include <typeinfo>

#include "../network/memory.h"
#include "../network/plan.h"

extern "C" {

/** Throws a JavaScript error with a message and a code of UTF-8; a code of no length is none. */
[[noreturn, clang::import_module("fear_nas"), clang::import_name("throw_error")]] void throw_error(
    const char* message, std::size_t length, const char* code, std::size_t code_length);

/** Monotonic seconds. */
[[clang::import_module("fear_nas"), clang::import_name("now")]] double javascript_now();

}  // extern "C"

namespace {

/** The exception under way: nothing catches one in order to throw another. */
alignas(std::max_align_t) char exception_under_way[256];

}  // namespace

extern "C" {

void* __cxa_allocate_exception(std::size_t bytes) noexcept {
  if (bytes > sizeof exception_under_way) std::abort();
  return exception_under_way;
}

void __cxa_free_exception(void*) noexcept {}

// All that is thrown here derives from std::exception and from nothing before it. Destructors return their object here.
[[noreturn]] void __cxa_throw(void* thrown, std::type_info* type, void* (*destroy)(void*)) {
  static char message[1024];
  const bool out_of_memory = *type == typeid(std::bad_alloc);
  const char* what = out_of_memory ? fear_nas::kOutOfMemory : static_cast<std::exception*>(thrown)->what();
  std::strncpy(message, what, sizeof message - 1);
  if (destroy != nullptr) destroy(thrown);
  const char* code = out_of_memory || *type == typeid(fear_nas::TooLarge) ? fear_nas::kTooLargeCode : "";
  throw_error(message, std::strlen(message), code, std::strlen(code));
}

void abort() { __builtin_trap(); }

int clock_gettime(clockid_t, timespec* time) {
  const double seconds = javascript_now();
  time->tv_sec = time_t(seconds);
  time->tv_nsec = long((seconds - double(time->tv_sec)) * 1e9);
  return 0;
}

}  // extern "C"

// The library's own print their last words first, and so ask for a console.
extern "C" [[noreturn]] void abort_message(const char*, ...) { __builtin_trap(); }

namespace std::inline _LIBCPP_ABI_NAMESPACE {
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) { __builtin_trap(); }
}  // namespace std::inline _LIBCPP_ABI_NAMESPACE

// The library's own end the program where there is no memory.
void* operator new(std::size_t bytes) {
  void* data = std::malloc(bytes == 0 ? 1 : bytes);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

void operator delete(void* data) noexcept { std::free(data); }
void operator delete(void* data, std::size_t) noexcept { std::free(data); }

