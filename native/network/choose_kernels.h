// Which instruction sets this processor has, and the kernels for them.
#pragma once

#include <string>

#include "../kernels/kernels.h"

namespace fear_nas {

/** The names of the instruction sets that the processor has, best first, separated by commas. */
std::string instruction_sets();

/**
 * The kernels for the instruction set of that name; the best for an empty name.
 *
 * @throws NetworkError if the processor or this build does not have it.
 */
const Kernels& choose_kernels(const std::string& name);

}  // namespace fear_nas
