#include "memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace fear_nas {
namespace {

constexpr std::size_t kLarge = std::size_t(256) << 10;
constexpr std::size_t kPage = std::size_t(16) << 10;
constexpr std::size_t kHugePage = std::size_t(2) << 20;

std::size_t round_up(std::size_t bytes, std::size_t step) { return (bytes + step - 1) / step * step; }

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

}  // namespace

void* allocate_zeros(std::size_t& bytes) {
  if (bytes >= kLarge) {
    bytes = round_up(bytes, bytes >= kHugePage ? kHugePage : kPage);
    return map_pages(bytes);
  }
  bytes = round_up(bytes, kAlignment);
  void* data = std::aligned_alloc(kAlignment, bytes);
  if (data == nullptr) throw std::bad_alloc();
  std::memset(data, 0, bytes);
  return data;
}

void free_zeros(void* data, std::size_t bytes) {
  if (bytes >= kLarge) munmap(data, bytes);
  else std::free(data);
}

void Workspace::request(float** where, std::size_t floats, int first, int last) {
  constexpr std::size_t kStep = kAlignment / sizeof(float);
  items_.push_back({where, (floats + kStep - 1) / kStep * kStep, first, last, 0});
}

void Workspace::place() {
  // Largest first, each at the lowest offset that collides with nothing alive at the same time.
  std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.floats > b.floats; });
  std::size_t needed = 0;
  std::vector<const Item*> placed;  // by offset
  for (Item& item : items_) {
    item.offset = 0;
    for (const Item* other : placed) {
      const bool together = item.first <= other->last && other->first <= item.last;
      if (!together || other->offset + other->floats <= item.offset) continue;
      if (item.offset + item.floats <= other->offset) break;
      item.offset = other->offset + other->floats;
    }
    const auto position = std::upper_bound(placed.begin(), placed.end(), &item,
                                           [](const Item* a, const Item* b) { return a->offset < b->offset; });
    placed.insert(position, &item);
    needed = std::max(needed, item.offset + item.floats);
  }
  if (needed * sizeof(float) > bytes_) {
    release();
    std::size_t bytes = needed * sizeof(float);
    data_ = static_cast<float*>(allocate_zeros(bytes));
    bytes_ = bytes;
    total_ += bytes;
  }
  for (const Item& item : items_) *item.where = data_ + item.offset;
  items_.clear();
}

void Workspace::release() {
  if (data_ == nullptr) return;
  free_zeros(data_, bytes_);
  total_ -= bytes_;
  data_ = nullptr;
  bytes_ = 0;
}

}  // namespace fear_nas
