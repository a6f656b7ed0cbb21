/** What most of the worker's files include, compiled once. */
#pragma once

#include "common.hpp"
#include "Logger.hpp"
#include <FBS/notification.h>
#include <FBS/request.h>
#include <FBS/response.h>
#include <absl/types/optional.h>
#include <algorithm>
#include <ankerl/unordered_dense.h>
#include <cmath>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <uv.h>
#include <vector>
