# The guest whose memory changes for ever: a ROM that writes one word of each of 128 pages (512 KiB from 64 KiB on), a hundred
# times a second. A migration at 1 MiB/s never ends by itself, and the guest leaves the CPU to the tests.
        .code16
        .set    FIRST, 0x1000           # segments, of 64 KiB each
        .set    LAST, 0x8000
        .set    PAGE, 0x1000
        .set    TIMER, 8                # vector of IRQ 0, once the interrupt controller is told so
        .set    DIVISOR, 11932          # of 1.193182 MHz
        .set    LINT0, 0xfee00350
        .set    ROM, 0xf0000
        .globl  _start
_start:
        cli
        lgdtl   %cs:table               # a data segment of 4 GiB, to reach the local APIC
        movl    %cr0, %eax
        orb     $1, %al
        movl    %eax, %cr0
        movw    $8, %bx
        movw    %bx, %fs
        andb    $0xfe, %al
        movl    %eax, %cr0
        movl    $LINT0, %ebx
        movl    $0x700, %fs:(%ebx)      # interrupts come from the interrupt controller
        movb    $0x11, %al              # begin: edges, cascaded, with the fourth word
        outb    %al, $0x20
        movb    $TIMER, %al
        outb    %al, $0x21
        movb    $0x04, %al
        outb    %al, $0x21
        movb    $0x03, %al              # an interrupt ends by itself
        outb    %al, $0x21
        movb    $0xfe, %al              # only the timer
        outb    %al, $0x21
        movb    $0x34, %al              # channel 0, periodic, low byte then high
        outb    %al, $0x43
        movb    $DIVISOR & 0xff, %al
        outb    %al, $0x40
        movb    $DIVISOR >> 8, %al
        outb    %al, $0x40
        movw    $tick, 4 * TIMER
        movw    %cs, 4 * TIMER + 2

# Another %cr0 empties the TLB: without KVM, QEMU 7.2 notes only the first write to a page since then, and a migration would find
# that nothing changes any more.
round:  movl    %cr0, %eax
        xorl    $0x10000, %eax
        movl    %eax, %cr0
        movw    $FIRST, %ax
segment:
        movw    %ax, %es
        xorw    %di, %di
page:   incw    %es:(%di)
        addw    $PAGE, %di
        jnz     page
        addw    $0x1000, %ax
        cmpw    $LAST, %ax
        jbe     segment
        sti
        hlt                             # until the timer's next tick
        cli
        jmp     round

tick:   iret

table:  .word   segments_end - segments - 1
        .long   ROM + segments
        .balign 8
segments:
        .quad   0
        .quad   0x00cf92000000ffff
segments_end:
