// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include "server/command_line.h"

int main(int argument_count, char** arguments) {
  umask(0077);  // data, backups and exports are their owner's
  return interlock::server::run(argument_count, arguments, environ);
}
