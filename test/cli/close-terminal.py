"""close-terminal.py heard|unheard TEXT COMMAND...: runs a command in a terminal that is closed when TEXT is on it.

heard: the command leads the terminal's session, so that the system tells it (SIGHUP). unheard: it does not, as one that
a shell has in its background. Prints how the command ended.
"""

import os
import pty
import signal
import sys

hangup, text, *command = sys.argv[1:]
report_from, report_to = os.pipe()
leader, terminal = pty.fork()
if leader == 0:
    child = os.fork() if hangup == "unheard" else 0
    if child == 0:
        os.execvp(command[0], command)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.write(report_to, str(os.waitpid(child, 0)[1]).encode())
    os._exit(0)
os.close(report_to)

seen = b""
while text.encode() not in seen:
    seen += os.read(terminal, 4096)
os.close(terminal)

_, status = os.waitpid(leader, 0)
if hangup == "unheard":
    status = int(os.read(report_from, 100))
print(f"exit code {os.waitstatus_to_exitcode(status)}")
