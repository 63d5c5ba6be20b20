#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include "engine/model/stack.hpp"

namespace strata::fake {

/// What a random program says of one of its places; each place is one resource that keeps its address and its name.
struct Declared {
    bool there = false;
    bool key = false;      ///< a key, else a box
    bool renamed = false;  ///< stands under its other address; each is an alias of the other
    bool kept = false;     ///< retained when it is deleted; boxes only
    bool delete_first = false;
    int version = 0;  ///< 0 to 2: another one is another resource
    int content = 0;  ///< 0 to 3
    int rules = 0;    ///< a set of three, as bits; 8: none is declared
    int lock = 0;     ///< 0: not declared, 1: true, 2: false, 3: reset
    int needs = 0;    ///< earlier places, as bits
};
using Program = std::vector<Declared>;

/// What goes wrong while one command runs. Numbers count the command's own calls from 1; 0: never.
struct Trouble {
    int refused_change = 0;  ///< the service says no
    int lost_change = 0;     ///< it is made, and the answer lost
    int interrupted_at = 0;  ///< change at which somebody presses Ctrl-C
    int interrupts = 1;      ///< how often
    int store_call = 0;      ///< call of the store that goes wrong
    int store_fate = 1;      ///< 1: it fails, 2: it conflicts, 3: its answer is lost
    bool store_for_good = false;
    int unreadable = 0;  ///< how many of the objects cannot be read
    int missed = 0;      ///< how many of the objects the batched read misses
    int polls = 0;       ///< before a create is done
};

/// One thing that somebody does.
struct Doing {
    enum class What : std::uint8_t { up, up_targets, preview, refresh, destroy, destroy_targets, outside };
    What what = What::up;
    bool same_program = false;  ///< as before
    Program program;
    int target = 0;  ///< a place; outside: an object
    Trouble trouble;
};

inline constexpr int places = 5;

rc::Gen<Program> any_program();
rc::Gen<Trouble> any_trouble();
rc::Gen<Doing> any_doing();

/// @param number  of the command: what is kept has another name each time, so that nobody is in the way of what was left behind
void declare(Stack& stack, const Program& program, int number);
/// The address of a place in that program.
std::string address_of(const Program& program, int place);
/// True where the program says that the thing is kept when it is deleted or replaced.
bool is_kept(const Declared& declared);
/// True for the boxes that programs make in that place.
bool is_of(int place, const std::string& id);

std::ostream& operator<<(std::ostream& out, const Program& program);
std::ostream& operator<<(std::ostream& out, const Trouble& trouble);
std::ostream& operator<<(std::ostream& out, const Doing& doing);

}  // namespace strata::fake
