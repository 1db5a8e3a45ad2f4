// ELK in a worker of its own: its file listens to messages as soon as it is loaded there.
import "elkjs/lib/elk-worker.min.js";
