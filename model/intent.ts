/** What an operator wants of a guest. */
export type Intent =
  | FlattenIntent
  | MergeDownIntent
  | SnapshotIntent
  | ForgetIntent
  | MoveIntent
  | MigrateIntent;

export interface FlattenIntent {
  readonly kind: 'flatten';
  readonly target: string;
  /** Key of the image to flatten toward, which stays; `null` leaves the active image alone. */
  readonly base: string | null;
  /** A snapshot before it, so that the images merged stay as they were under a new active one. */
  readonly snapshotFirst: NewSnapshot | null;
  /** Forget the snapshot records that are stale afterwards. */
  readonly forgetAfter: boolean;
}

export interface NewSnapshot {
  readonly name: string;
  /** Where the new active image is to be; `null` beside the present one. */
  readonly file: string | null;
}

/** Merge a run of images into its lowest. */
export interface MergeDownIntent {
  readonly kind: 'merge-down';
  readonly target: string;
  /** Key of the topmost image of the run; the active one makes it an active commit. */
  readonly top: string;
  /** Key of the lowest, which takes the data of the others. */
  readonly base: string;
  readonly forgetAfter: boolean;
}

export interface SnapshotIntent {
  readonly kind: 'snapshot';
  readonly name: string;
  readonly description: string;
  readonly quiesce: boolean;
  /** Which disks; each with the path of its overlay, or `null` for one beside the active image. */
  readonly disks: readonly { readonly target: string; readonly file: string | null }[];
}

export interface ForgetIntent {
  readonly kind: 'forget';
  readonly names: readonly string[];
}

export interface MoveIntent {
  readonly kind: 'move';
  readonly target: string;
  /** Absolute path of the new image. */
  readonly file: string;
  /** `copy` mirrors and pivots; `pull` snapshots there and pulls, as the guide does it. */
  readonly way: 'copy' | 'pull';
}

export interface MigrateIntent {
  readonly kind: 'migrate';
  /** The destination's host id. */
  readonly to: string;
  /** What is to be otherwise than proposed; a disk that is not named goes to the folder of the destination's first pool. */
  readonly disks: readonly MovedTo[];
  /** Copy the storage afterwards, by a pull at the destination. */
  readonly pull: boolean;
  /** Forget the snapshot records that would keep the guest from migrating. */
  readonly forgetFirst: boolean;
}

export interface MovedTo {
  readonly target: string;
  /** Path of the new active image at the destination; `null` for the one proposed. */
  readonly file: string | null;
  /** Path by which the destination reads the present active image; the same as here where none is given. */
  readonly from?: string | null | undefined;
}
