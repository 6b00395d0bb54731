import { closeSync, openSync, rmSync, statSync } from 'node:fs';

/**
 * What became of an open database's files, which goes on being written to all the same: `gone` or `replaced`, the file;
 * `log-gone` or `log-replaced`, its write-ahead log or the index of that. What is written then is lost with the process.
 */
export type Loss = 'gone' | 'replaced' | 'log-gone' | 'log-replaced';

/** Compares the files at a database's path with those that were opened. */
export interface FileWatch {
  /** What is wrong, if anything: a look at the folder, a few µs. */
  loss(): Loss | undefined;
  /** Whether the log and its index have been seen. */
  logSeen(): boolean;
  /** Forgets them: the database no longer keeps a log. */
  forgetLog(): void;
  /** Whose the log is that lies at the path: of what was opened, of another process that shares its index, or neither. */
  logOwner(): 'ours' | 'shared' | 'other';
  /** Removes the log of the file that was opened from beside the one that replaced it, which it would spoil. */
  removeLog(): void;
}

const LOG_FILES = ['-wal', '-shm'] as const;

/** An open database's file. */
export interface OpenFile {
  /** Where it is looked for. */
  readonly path: string;
  /** Where it really is, which differs where a link leads there: beside it lies its log. */
  readonly realPath: string;
  /** What was at `path` before it was opened. */
  readonly identity: string;
}

/** Watches a file and its log as first seen by `loss()`, once it is open: before that a log is another process's. */
export function watchFile({ path, realPath, identity: file }: OpenFile): FileWatch {
  const log = new Map<string, string>();

  function logLoss(): Loss | undefined {
    let loss: Loss | undefined;
    for (const suffix of LOG_FILES) {
      const before = log.get(suffix);
      const now = identityOf(realPath + suffix);
      if (now === before || now === UNKNOWN) continue;
      if (before !== undefined && now !== NOTHING) return 'log-replaced';
      if (before === undefined && now !== NOTHING) log.set(suffix, now);
      if (before !== undefined) loss = 'log-gone';
    }
    return loss;
  }

  function isOurs(suffix: string): boolean {
    return log.has(suffix) && identityOf(realPath + suffix) === log.get(suffix);
  }

  function look(): Loss | undefined {
    const now = identityOf(path);
    if (now === file) return logLoss();
    if (now === UNKNOWN || file === UNKNOWN) return undefined;
    return now === NOTHING ? 'gone' : 'replaced';
  }

  return {
    loss: look,
    logSeen: () => LOG_FILES.every((suffix) => log.has(suffix)),
    forgetLog() {
      log.clear();
    },
    logOwner() {
      if (isOurs('-wal')) return 'ours';
      return isOurs('-shm') ? 'shared' : 'other';
    },
    removeLog() {
      // Behind a link that leads elsewhere now, file and log are still together.
      if (!isOurs('-wal') || identityOf(realPath) === file) return;
      for (const suffix of LOG_FILES)
        if (isOurs(suffix)) rmSync(realPath + suffix, { force: true });
    },
  };
}

/** No file is at a path. */
const NOTHING = 'nothing';
/** What is at a path cannot be told, because its folder may not be read or its inodes have no numbers: it is let be. */
const UNKNOWN = 'unknown';

/** What is at a path, in a text that tells one file from another. */
export function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return ino === 0n ? UNKNOWN : `${dev}:${ino}`;
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? NOTHING : UNKNOWN;
  }
}

/**
 * Makes an empty file where there is none, so that what is opened there can be told from what comes after. A file that
 * is there is never opened: closing it would drop the locks that SQLite holds on it in this process.
 */
export function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o644));
  } catch {
    // It is there, or SQLite will say why it cannot be.
  }
}
