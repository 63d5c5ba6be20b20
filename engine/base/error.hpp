#pragma once

#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace strata {

/// A place in a source or configuration file. `line` counts from 1; 0 means "the whole file".
struct Location {
    std::string file;
    std::uint32_t line = 0;

    static Location of(const std::source_location& where) { return {where.file_name(), where.line()}; }
    [[nodiscard]] bool known() const { return !file.empty(); }
    [[nodiscard]] std::string text() const;

    friend bool operator==(const Location&, const Location&) = default;
};

/// What kind of thing went wrong. The command line turns a kind into an exit code (docs/exit-codes.md),
/// the AWS client decides by it whether to try again.
enum class ErrorKind : std::uint8_t {
    usage,             ///< wrong flag, argument or verb
    invalid_config,    ///< a configuration file or environment setting
    invalid_program,   ///< what the program declares cannot be
    declined,          ///< the person said no
    credentials,       ///< none found, expired, or refused
    network,           ///< no connection, DNS, TLS, reset
    timeout,           ///< no answer, or a thing did not become ready in time
    throttled,         ///< the service asked for patience
    access_denied,     ///< authenticated, but not allowed
    not_found,         ///< the service says that the thing is not there
    conflict,          ///< exists already, in use, or changed meanwhile
    service,           ///< any other error that a service answered
    protocol,          ///< an answer that cannot be understood
    resources_failed,  ///< some steps of a deployment failed; state is saved
    lock_held,         ///< another run works on this stack
    state_unreadable,  ///< state is damaged, of another stack, or sealed with another key
    state_not_saved,   ///< state could not be written; a recovery file was
    wrong_account,     ///< credentials lead to another account or region than configured
    stale_plan,        ///< a saved plan no longer fits
    outcome_unknown,   ///< a call was sent, and nobody knows whether it was carried out
    interrupted,       ///< a signal ended the run
    io,                ///< disk or pipe
    internal,          ///< a mistake in Strata itself
};

/// One error as a person reads it. `summary` is fixed words without names, `cause` says what and where
/// this time, `remedy` what to do (a command to run stands alone on an indented line). Never holds a
/// secret's value. `code` is the service's own code when `kind` came from a service, else empty.
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string summary;
    std::string cause;
    std::string remedy;
    std::string code = {};
    Location location = {};

    /// The summary line, then cause and remedy indented by two; no colours.
    [[nodiscard]] std::string text() const;
};

/// Either a value or an Error. An Error converts, so `return Error{...};` works.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_{std::in_place_index<0>, std::move(value)} {}
    Result(Error error) : content_{std::in_place_index<1>, std::move(error)} {}

    [[nodiscard]] bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return std::get<0>(content_); }
    [[nodiscard]] const T& value() const& { return std::get<0>(content_); }
    /// By value, so that `for (auto& x : *f())` does not look into a Result that is gone.
    [[nodiscard]] T value() && { return std::get<0>(std::move(content_)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const Error& error() const& { return std::get<1>(content_); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(content_)); }

private:
    std::variant<T, Error> content_;
};

/// Success without a value, or an Error.
class [[nodiscard]] Status {
public:
    Status() = default;
    Status(Error error) : content_{std::move(error)} {}

    [[nodiscard]] bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const& { return std::get<Error>(content_); }
    [[nodiscard]] Error&& error() && { return std::get<Error>(std::move(content_)); }

private:
    std::variant<std::monostate, Error> content_;
};

/// The kind's name as `--json` prints it ("access_denied").
std::string_view name_of(ErrorKind kind);

}  // namespace strata
