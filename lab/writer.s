# The guest that writes: a boot sector that writes a numbered sector, reads it back, compares, logs it, and goes on for good.
# writer.ts knows the same layout of a sector and of the log.
#
# Log, on the first serial port:  S                        (the guest has started)
#                                 W <number> <LBA>         (is on the disk and was read back rightly)
#                                 E <number> <LBA>         (the BIOS reported an error)
#                                 B <number> <LBA>         (other bytes came back than were written)
# A sector: "BKCN", number, LBA, then 125 words that grow from the number by 0x9e3779b9; 32 bits each, little-endian.
        .code16
        .set    WRITTEN, 0x8000
        .set    READ, 0x8200
        .set    FIRST_LBA, 2048
        .set    SPREAD, 0x9e3d          # odd, so that 65536 numbers in a row give 65536 different sectors
        .set    PER_TICK, 2             # at 18.2 ticks a second; a write and its reading take 3.5 ms of CPU time
        .set    COM1, 0x3f8
        .globl  _start
_start:
        ljmp    $0, $start
start:  xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movw    $0x7c00, %sp
        cld
        sti
        movb    %dl, drive
        movb    $'\n', %al              # an earlier run may have ended in the middle of a line
        call    put
        movb    $'S', %al
        call    put
        movb    $'\n', %al
        call    put

tick:   movb    $PER_TICK, left
next:   imulw   $SPREAD, number, %bx
        movzwl  %bx, %ebx
        addl    $FIRST_LBA, %ebx
        movl    %ebx, lba
        movw    $WRITTEN, %di
        movl    $0x4e434b42, %eax
        stosl
        movl    number, %eax
        stosl
        xchgl   %eax, %ebx
        stosl
        xchgl   %eax, %ebx
        movw    $125, %cx
fill:   addl    $0x9e3779b9, %eax
        stosl
        loop    fill

        movw    $WRITTEN, buffer
        movw    $0x4300, %ax
        call    disk
        jc      failed
        movw    $READ, buffer
        movw    $0x4200, %ax
        call    disk
        jc      failed
        movw    $WRITTEN, %si
        movw    $READ, %di
        movw    $256, %cx
        repe cmpsw
        movb    $'B', %al
        jne     log
        movb    $'W', %al
        jmp     log
failed: movb    $'E', %al
log:    call    put
        movl    number, %ebx
        call    hex
        movl    lba, %ebx
        call    hex
        movb    $'\n', %al
        call    put
        incl    number
        decb    left
        jnz     next
        hlt                             # until the timer's next tick
        jmp     tick

disk:   movb    drive, %dl
        movw    $packet, %si
        int     $0x13
        ret

hex:    movb    $' ', %al
        call    put
        movw    $8, %cx
digit:  roll    $4, %ebx
        movb    %bl, %al
        andb    $15, %al
        cmpb    $10, %al
        jb      decimal
        addb    $'a' - '0' - 10, %al
decimal:
        addb    $'0', %al
        call    put
        loop    digit
        ret

put:    movb    %al, %ah
        movw    $COM1 + 5, %dx
busy:   inb     %dx, %al
        testb   $0x20, %al
        jz      busy
        movw    $COM1, %dx
        movb    %ah, %al
        outb    %al, %dx
        ret

        .balign 4
packet: .byte   16, 0
        .word   1                       # sectors
buffer: .word   0, 0
lba:    .long   0, 0
number: .long   0
drive:  .byte   0
left:   .byte   0

        .org    510
        .word   0xaa55
