// What libFuzzer calls: the target that STRATA_FUZZ_TARGET names. A Broken that leaves it ends the process, which libFuzzer reports
// together with the input.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    strata::fuzz::STRATA_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
