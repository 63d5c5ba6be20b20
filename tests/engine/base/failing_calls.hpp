#pragma once

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/system_calls.hpp"

namespace strata {

/// What goes wrong with one system call.
struct CallFault {
    enum class How {
        refused,    ///< nothing was done
        reported,   ///< it was done, and an error is answered nevertheless
        cut_short,  ///< a write does half of it, and the rest is refused; other calls are refused
    };
    int reason = EIO;
    How how = How::refused;
    bool for_good = false;  ///< every later call is refused too
};

/// The calls of another disk, of which the N-th fails.
class FailingCalls final : public SystemCalls {
public:
    explicit FailingCalls(SystemCalls& below) : below_{below} {}

    /// From now on counts anew: the `nth` call (from 1) goes wrong.
    void fail(std::size_t nth, const CallFault& fault) {
        count_ = 0;
        nth_ = nth;
        fault_ = fault;
        failed_.clear();
        rest_of_write_ = false;
    }
    /// No call fails any more.
    void heal() { fail(0, {}); }
    /// Name of the call that went wrong; "" when there were not so many.
    [[nodiscard]] std::string failed() const { return failed_; }

    int open(const char* path, int flags) override {
        return attempt("open", [&] { return below_.open(path, flags); }, [&](int descriptor) { below_.close(descriptor); });
    }
    int make_temporary(char* name) override {
        return attempt("make_temporary", [&] { return below_.make_temporary(name); }, [&](int descriptor) { below_.close(descriptor); });
    }
    int set_mode(int descriptor, unsigned mode) override {
        return attempt("set_mode", [&] { return below_.set_mode(descriptor, mode); });
    }
    ssize_t read(int descriptor, char* into, std::size_t size) override {
        return attempt("read", [&] { return below_.read(descriptor, into, size); });
    }
    ssize_t write(int descriptor, const char* from, std::size_t size) override {
        const bool half = count_ + 1 == nth_ && fault_.how == CallFault::How::cut_short && size > 1;
        if (!half) return attempt("write", [&] { return below_.write(descriptor, from, size); });
        ++count_;
        failed_ = "write";
        rest_of_write_ = true;
        return below_.write(descriptor, from, size / 2);
    }
    int sync(int descriptor) override {
        return attempt("sync", [&] { return below_.sync(descriptor); });
    }
    /// Never fails, and is not counted: what it could say was said by sync().
    int close(int descriptor) override { return below_.close(descriptor); }
    int rename(const char* from, const char* to) override {
        return attempt("rename", [&] { return below_.rename(from, to); });
    }
    int rename_if_absent(const char* from, const char* to) override {
        return attempt("rename_if_absent", [&] { return below_.rename_if_absent(from, to); });
    }
    int link(const char* from, const char* to) override {
        return attempt("link", [&] { return below_.link(from, to); });
    }
    int unlink(const char* path) override {
        return attempt("unlink", [&] { return below_.unlink(path); });
    }
    int make_folder(const char* path, unsigned mode) override {
        return attempt("make_folder", [&] { return below_.make_folder(path, mode); });
    }

private:
    /// @param undo  what a descriptor that nobody hears of needs
    template <typename Call, typename Undo>
    auto attempt(std::string_view name, const Call& call, const Undo& undo) -> decltype(call()) {
        ++count_;
        const bool this_one = count_ == nth_;
        if (this_one) failed_ = name;
        const bool later_one = nth_ > 0 && count_ > nth_ && (fault_.for_good || rest_of_write_);
        if (!this_one && !later_one) return call();
        rest_of_write_ = false;
        if (this_one && fault_.how == CallFault::How::reported)
            if (const auto result = call(); result >= 0) undo(static_cast<int>(result));
        errno = fault_.reason;
        return -1;
    }
    template <typename Call>
    auto attempt(std::string_view name, const Call& call) -> decltype(call()) {
        return attempt(name, call, [](int) {});
    }

    SystemCalls& below_;
    std::size_t nth_ = 0;
    CallFault fault_;
    std::size_t count_ = 0;
    std::string failed_;
    bool rest_of_write_ = false;
};

}  // namespace strata
