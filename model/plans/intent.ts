/** What an operator wants of a guest. */
export type Intent =
  | FlattenIntent
  | MergeDownIntent
  | ShortenIntent
  | SnapshotIntent
  | ForgetIntent
  | MoveIntent
  | MigrateIntent
  | EndJobIntent
  | RedefineIntent
  | RewriteHeaderIntent
  | RepairLeaksIntent
  | ResumeIntent;

/** What an operator wants of a host, and of none of its guests. */
export type HostIntent = DeleteIntent;

/** Delete image files that nothing refers to. */
export interface DeleteIntent {
  readonly kind: 'delete';
  /** Absolute paths. */
  readonly files: readonly string[];
}

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

/** What an operator wants of a chain that is too long. */
export type Wanted =
  /** One image for everything above this one, which stays. */
  | { readonly kind: 'above'; readonly base: string }
  | { readonly kind: 'at-most'; readonly images: number }
  /** This image alone. */
  | { readonly kind: 'only'; readonly image: string };

/** Shorten a chain by other means than one pull into the active image, which is a flatten. */
export interface ShortenIntent {
  readonly kind: 'shorten';
  readonly target: string;
  readonly wanted: Wanted;
  readonly strategy: 'merge-down' | 'cheapest';
  /** Keys of images that stay as they are. */
  readonly pinned: readonly string[];
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
  readonly strategy: 'copy' | 'pull';
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

/** End a block job that no operation has. */
export interface EndJobIntent {
  readonly kind: 'end-job';
  readonly target: string;
  /** `pivot` has the guest go on with the job's target, `abort` with what it has. */
  readonly how: 'pivot' | 'abort';
}

/** Have the definition of a running guest begin with the image that the guest has now. */
export interface RedefineIntent {
  readonly kind: 'redefine';
  readonly target: string;
}

/** Have the header of an image name its backing image otherwise, while the guest is shut off. */
export interface RewriteHeaderIntent {
  readonly kind: 'rewrite-header';
  readonly target: string;
  /** Key of the image whose header it is. */
  readonly image: string;
  /** Absolute path. */
  readonly backing: string;
  readonly format: 'qcow2' | 'raw';
  /** Whether it is wanted although the guest then reads other data than now. */
  readonly changes: boolean;
}

/** Give back the leaked clusters of an image, while the guest is shut off. */
export interface RepairLeaksIntent {
  readonly kind: 'repair-leaks';
  readonly target: string;
  /** Key of the image. */
  readonly image: string;
}

/** Let a guest go on that QEMU paused for an I/O error. */
export interface ResumeIntent {
  readonly kind: 'resume';
}
