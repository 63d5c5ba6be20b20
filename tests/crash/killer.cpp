// Loaded into a program with LD_PRELOAD, kills it as `kill -9` would: just before the N-th operation that gives or takes a name below a
// folder. Those are the steps by which state on disk changes: a record is made whole under a temporary name and then gets its own.
//
// CRASH_FOLDER  part of the path that counts (".strata/state")
// CRASH_AT      N, from 1 on; not set: nothing is killed
// CRASH_TRACE   a file that gets one line for each operation: its name, and the path
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

std::atomic<long> operations{0};

long number(const char* name) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtol(text, nullptr, 10) : 0;
}

void trace(const char* operation, const char* path) {
    static const char* file = std::getenv("CRASH_TRACE");
    if (file == nullptr) return;
    static const int descriptor = ::open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dprintf(descriptor, "%s %s\n", operation, path);
}

void count(const char* operation, const char* path) {
    static const char* folder = std::getenv("CRASH_FOLDER");
    static const long last = number("CRASH_AT");
    if (folder == nullptr || std::strstr(path, folder) == nullptr) return;
    trace(operation, path);
    if (++operations == last) ::kill(::getpid(), SIGKILL);
}

template <typename Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int rename(const char* from, const char* to) noexcept {
    count("rename", to);
    static const auto real = next<int (*)(const char*, const char*)>("rename");
    return real(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
    count("rename", to);
    static const auto real = next<int (*)(int, const char*, int, const char*, unsigned)>("renameat2");
    return real(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
    count("link", to);
    static const auto real = next<int (*)(const char*, const char*)>("link");
    return real(from, to);
}

int unlink(const char* path) noexcept {
    count("unlink", path);
    static const auto real = next<int (*)(const char*)>("unlink");
    return real(path);
}

int remove(const char* path) noexcept {
    count("unlink", path);
    static const auto real = next<int (*)(const char*)>("remove");
    return real(path);
}
}
