#include "engine/base/system_calls.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace strata {

namespace {

class RealSystemCalls final : public SystemCalls {
public:
    int open(const char* path, int flags) override { return ::open(path, flags); }
    int make_temporary(char* name) override { return ::mkostemp(name, O_CLOEXEC); }
    int set_mode(int descriptor, unsigned mode) override { return ::fchmod(descriptor, mode); }
    ssize_t read(int descriptor, char* into, std::size_t size) override { return ::read(descriptor, into, size); }
    ssize_t write(int descriptor, const char* from, std::size_t size) override { return ::write(descriptor, from, size); }
    int sync(int descriptor) override { return ::fsync(descriptor); }
    int close(int descriptor) override { return ::close(descriptor); }
    int rename(const char* from, const char* to) override { return ::rename(from, to); }
    int rename_if_absent([[maybe_unused]] const char* from, [[maybe_unused]] const char* to) override {
#ifdef RENAME_NOREPLACE
        return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
#else
        errno = ENOSYS;
        return -1;
#endif
    }
    int link(const char* from, const char* to) override { return ::link(from, to); }
    int unlink(const char* path) override { return ::unlink(path); }
    int make_folder(const char* path, unsigned mode) override { return ::mkdir(path, mode); }
};

}  // namespace

SystemCalls& real_system_calls() {
    static RealSystemCalls calls;
    return calls;
}

}  // namespace strata
