#include <algorithm>

#include "engine/base/text.hpp"
#include "engine/wire/handover.hpp"
#include "engine/wire/http.hpp"

namespace strata::wire {

void Headers::set(std::string_view name, std::string value) {
    const auto same_name = [&](const auto& field) { return equal_ignoring_case(field.first, name); };
    const auto first = std::ranges::find_if(fields_, same_name);
    if (first == fields_.end()) return add(std::string{name}, std::move(value));

    first->second = std::move(value);
    fields_.erase(std::remove_if(first + 1, fields_.end(), same_name), fields_.end());
}

const std::string* Headers::find(std::string_view name) const {
    const auto found = std::ranges::find_if(fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
    return found == fields_.end() ? nullptr : &found->second;
}

Result<Response> Http::send_and_wait(Request request) {
    if (on_loop_thread())
        return Error{.kind = ErrorKind::internal,
                     .summary = "Request would wait for itself",
                     .cause = "A completion function of the HTTP loop asked for another answer and wanted to wait for it.",
                     .remedy = {},
                     .code = std::string{code_not_sent}};
    Handover<Result<Response>> answer;
    send(std::move(request), [&](Result<Response> response) { answer.give(std::move(response)); });
    return answer.wait();
}

}  // namespace strata::wire
