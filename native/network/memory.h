// Memory of a network: counted buffers, and one workspace in which arrays share room when their lifetimes allow it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace fear_nas {

constexpr std::size_t kAlignment = 64;

/** What people are told of a std::bad_alloc. */
#if defined(__wasm__)
inline constexpr char kOutOfMemory[] =
    "out of memory, of which WebAssembly has 4 GiB at most: use a smaller batch or fewer channels";
#else
inline constexpr char kOutOfMemory[] = "out of memory: use a smaller batch or fewer channels";
#endif

/**
 * Zeros, aligned for vectors. `bytes` is rounded up to what is really taken.
 *
 * Large pieces come from the system and go straight back to it: networks come and go by the thousand, and the heap
 * would keep a few of the largest for itself.
 *
 * @throws std::bad_alloc
 */
void* allocate_zeros(std::size_t& bytes);
void free_zeros(void* data, std::size_t bytes);

/** An array of zeros, aligned for vectors, whose bytes are counted in the network's total. */
template <typename T>
class Buffer {
 public:
  explicit Buffer(std::size_t& total) : total_(&total) {}
  Buffer(std::size_t& total, std::size_t size) : Buffer(total) { reset(size); }
  Buffer(Buffer&& other) noexcept
      : total_(other.total_), data_(other.data_), size_(other.size_), bytes_(other.bytes_) {
    other.data_ = nullptr;
    other.size_ = 0;
  }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer& operator=(Buffer&&) = delete;
  ~Buffer() { release(); }

  /** Gives the contents up for `size` zeros. */
  void reset(std::size_t size) {
    release();
    if (size == 0) return;
    bytes_ = size * sizeof(T);
    data_ = static_cast<T*>(allocate_zeros(bytes_));
    size_ = size;
    *total_ += bytes_;
  }

  void release() {
    if (data_ == nullptr) return;
    free_zeros(data_, bytes_);
    *total_ -= bytes_;
    data_ = nullptr;
    size_ = 0;
  }

  void clear() {
    if (size_ > 0) std::memset(static_cast<void*>(data_), 0, size_ * sizeof(T));
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return data_[i]; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  std::size_t* total_;
  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

/** One piece of memory for all activations of a pass. Holds nothing between passes. */
class Workspace {
 public:
  explicit Workspace(std::size_t& total) : total_(total) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { release(); }

  /** Asks for `floats` at `*where`, needed from time `first` to time `last`, both included. */
  void request(float** where, std::size_t floats, int first, int last);

  /** Places everything requested since the last `place`, growing the workspace if need be. */
  void place();

  /** Gives the memory back; what was placed is gone. */
  void release();

 private:
  struct Item {
    float** where;
    std::size_t floats;
    int first;
    int last;
    /** 64 bits: items that do not fit together may reach beyond a 32-bit address space. */
    std::uint64_t offset;
  };

  std::size_t& total_;
  std::vector<Item> items_;
  float* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace fear_nas
