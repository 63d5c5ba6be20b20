#include "providers/aws/auth/credentials_store.hpp"

#include <utility>

namespace strata::aws {

namespace {

constexpr std::chrono::minutes refresh_before{5};
// A signature must still count when it arrives.
constexpr std::chrono::seconds unusable_before{10};
constexpr std::chrono::seconds failure_remembered{3};

bool expires_within(const Credentials& credentials, WallTime now, Milliseconds span) {
    const auto expires = credentials.expires();
    return expires && *expires - now <= span;
}

}  // namespace

void CredentialsStore::get(Done done) {
    SharedCredentials ready;
    std::optional<Error> failure;
    {
        const std::lock_guard lock{mutex_};
        const auto now = clock_.now();
        if (current_ && !expires_within(*current_, now, unusable_before)) {
            ready = current_;
            if (expires_within(*current_, now, refresh_before)) search();
        } else if (failure_ && clock_.steady() - failed_at_ < failure_remembered) {
            failure = failure_;
        } else {
            waiting_.push_back(std::move(done));
            return search();
        }
    }
    if (failure) done(*std::move(failure));
    else done(std::move(ready));
}

void CredentialsStore::refuse(const SharedCredentials& expired) {
    const std::lock_guard lock{mutex_};
    if (current_ == expired) current_.reset();
}

/// With mutex_ held.
void CredentialsStore::search() {
    if (searching_) return;
    searching_ = true;
    worker_.run([this] { finish(find_()); });
}

void CredentialsStore::finish(Result<Credentials> found) {
    auto result = found ? Result<SharedCredentials>{std::make_shared<const Credentials>(*std::move(found))} : std::move(found).error();
    std::vector<Done> waiting;
    {
        const std::lock_guard lock{mutex_};
        searching_ = false;
        std::swap(waiting, waiting_);
        if (result) {
            current_ = *result;
            failure_.reset();
        } else {
            failure_ = result.error();
            failed_at_ = clock_.steady();
        }
    }
    for (const auto& done : waiting) done(result);
}

}  // namespace strata::aws
