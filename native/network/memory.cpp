#include "memory.h"

#if !defined(__wasm__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace fear_nas {
namespace {

// AddressSanitizer is to see each array of a workspace as one of its own, so there nothing shares room, and there is
// poison behind everything.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
void poison(const void* data, std::size_t bytes) { __asan_poison_memory_region(data, bytes); }
void unpoison(const void* data, std::size_t bytes) { __asan_unpoison_memory_region(data, bytes); }
#else
constexpr bool kSanitized = false;
void poison(const void*, std::size_t) {}
void unpoison(const void*, std::size_t) {}
#endif
constexpr std::size_t kPoisonFloats = kSanitized ? kAlignment / sizeof(float) : 0;

std::size_t round_up(std::size_t bytes, std::size_t step) { return (bytes + step - 1) / step * step; }

void* allocate_on_heap(std::size_t& bytes) {
  bytes = round_up(bytes, kAlignment);
  void* data = std::aligned_alloc(kAlignment, bytes);
  if (data == nullptr) throw std::bad_alloc();
  std::memset(data, 0, bytes);
  return data;
}

#if !defined(__wasm__)
constexpr std::size_t kLarge = std::size_t(256) << 10;
constexpr std::size_t kPage = std::size_t(16) << 10;
constexpr std::size_t kHugePage = std::size_t(2) << 20;

/** Pages from the system; whole huge pages if there are some, which spares most address translation. */
void* map_pages(std::size_t bytes) {
  const std::size_t alignment = bytes >= kHugePage ? kHugePage : 0;
  void* mapped = mmap(nullptr, bytes + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  if (alignment == 0) return mapped;
  char* const start = static_cast<char*>(mapped);
  char* const data = reinterpret_cast<char*>(round_up(reinterpret_cast<std::uintptr_t>(start), alignment));
  if (data > start) munmap(start, std::size_t(data - start));
  if (start + alignment > data) munmap(data + bytes, std::size_t(start + alignment - data));
#if defined(MADV_HUGEPAGE)
  madvise(data, bytes, MADV_HUGEPAGE);
#endif
  return data;
}
#endif

}  // namespace

#if defined(__wasm__)
// A WebAssembly memory only ever grows: there is no system to give pages back to.
void* allocate_zeros(std::size_t& bytes) { return allocate_on_heap(bytes); }

void free_zeros(void* data, std::size_t) { std::free(data); }
#else
void* allocate_zeros(std::size_t& bytes) {
  if (kSanitized || bytes < kLarge) return allocate_on_heap(bytes);
  bytes = round_up(bytes, bytes >= kHugePage ? kHugePage : kPage);
  return map_pages(bytes);
}

void free_zeros(void* data, std::size_t bytes) {
  if (!kSanitized && bytes >= kLarge) munmap(data, bytes);
  else std::free(data);
}
#endif

void Workspace::request(float** where, std::size_t floats, int first, int last) {
  constexpr std::size_t kStep = kAlignment / sizeof(float);
  items_.push_back({where, (floats + kStep - 1) / kStep * kStep + kPoisonFloats, first, last, 0});
}

void Workspace::place() {
  // Taken out first, so that a workspace too large to be had leaves nothing behind for the next one.
  std::vector<Item> items = std::move(items_);
  items_.clear();
  std::vector<Item*> order;
  for (Item& item : items) order.push_back(&item);
  std::sort(order.begin(), order.end(), [](const Item* a, const Item* b) {
    return a->floats != b->floats ? a->floats > b->floats : a < b;
  });
  // Largest first, each at the lowest offset that collides with nothing alive at the same time.
  std::uint64_t needed = 0;
  std::vector<const Item*> placed;  // by offset
  for (Item* item : order) {
    item->offset = 0;
    for (const Item* other : placed) {
      const bool together = kSanitized || (item->first <= other->last && other->first <= item->last);
      if (!together || other->offset + other->floats <= item->offset) continue;
      if (item->offset + item->floats <= other->offset) break;
      item->offset = other->offset + other->floats;
    }
    const auto position = std::upper_bound(placed.begin(), placed.end(), item,
                                           [](const Item* a, const Item* b) { return a->offset < b->offset; });
    placed.insert(position, item);
    needed = std::max(needed, item->offset + item->floats);
  }
  if (needed * sizeof(float) > bytes_) {
    release();
    if (needed > (SIZE_MAX - kAlignment) / sizeof(float)) throw std::bad_alloc();
    std::size_t bytes = std::size_t(needed) * sizeof(float);
    data_ = static_cast<float*>(allocate_zeros(bytes));
    bytes_ = bytes;
    total_ += bytes;
  }
  poison(data_, bytes_);
  for (const Item& item : items) {
    *item.where = data_ + item.offset;
    unpoison(*item.where, (item.floats - kPoisonFloats) * sizeof(float));
  }
}

void Workspace::release() {
  if (data_ == nullptr) return;
  unpoison(data_, bytes_);
  free_zeros(data_, bytes_);
  total_ -= bytes_;
  data_ = nullptr;
  bytes_ = 0;
}

}  // namespace fear_nas
