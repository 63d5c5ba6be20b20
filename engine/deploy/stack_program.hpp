#pragma once

#include <functional>
#include <string>

namespace strata {

class Stack;

/// One stack of a program: a name, and the function that declares what is in it.
struct StackProgram {
    std::string name;
    std::function<void(Stack&)> declare;
};

}  // namespace strata
