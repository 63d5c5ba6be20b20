#pragma once

#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// Asks for page after page as the operation's paginator says, and hands over one answer: the first page's,
/// with the result keys of all pages put together (lists appended, numbers added, texts joined). An operation
/// without paginator is called once.
/// @errors those of the calls; protocol when a page token comes twice, or after 10,000 pages
void follow_pages(Client& client, Call call, Client::Done done);

}  // namespace strata::aws
