#!/bin/busybox sh
# The first process of the lab's Linux: mounts the disks under their names, starts the guest agent, and leaves a shell on the
# serial port.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod "/modules/$module"; done
for disk in /sys/block/vd*; do
  name=${disk##*/}
  mkdir "/$name"
  mount -t ext4 "/dev/$name" "/$name"
done
# Told by the agent what becomes of the file systems: keeps a list, and lets a freeze wait as long as /hold is there.
cat >/bin/frozen <<'HOOK'
#!/bin/sh
echo "$1" >>/frozen
while [ "$1" = freeze ] && [ -e /hold ]; do usleep 50000; done
HOOK
chmod +x /bin/frozen
cat >/bin/agent <<'AGENT'
#!/bin/sh
until port=$(grep -lx org.qemu.guest_agent.0 /sys/class/virtio-ports/*/name); do usleep 20000; done
port=${port%/name}
exec qemu-ga -m virtio-serial -p "/dev/${port##*/}" -t /run -F/bin/frozen
AGENT
chmod +x /bin/agent
agent 2>/run/agent.log &
stty -F /dev/ttyS0 -echo -onlcr
echo awake >/dev/ttyS0
# Through a pipe, so that the shell does not prompt.
while :; do sh </dev/ttyS0 2>&1 | cat >/dev/ttyS0; done
