#pragma once

#include <sys/types.h>
#include <cstddef>

namespace strata {

/// The calls to the operating system that files are made of: one function each, with the call's own result and errno. Tests hand in
/// a disk whose N-th call fails, or that loses its power after it.
class SystemCalls {
public:
    virtual ~SystemCalls() = default;

    virtual int open(const char* path, int flags) = 0;
    /// mkostemp: puts the name that was found into `name`, whose last six letters are "XXXXXX".
    virtual int make_temporary(char* name) = 0;
    virtual int set_mode(int descriptor, unsigned mode) = 0;
    virtual ssize_t read(int descriptor, char* into, std::size_t size) = 0;
    virtual ssize_t write(int descriptor, const char* from, std::size_t size) = 0;
    virtual int sync(int descriptor) = 0;
    virtual int close(int descriptor) = 0;
    virtual int rename(const char* from, const char* to) = 0;
    /// renameat2 with RENAME_NOREPLACE; ENOSYS where there is no such call.
    virtual int rename_if_absent(const char* from, const char* to) = 0;
    virtual int link(const char* from, const char* to) = 0;
    virtual int unlink(const char* path) = 0;
    virtual int make_folder(const char* path, unsigned mode) = 0;
};

SystemCalls& real_system_calls();

}  // namespace strata
