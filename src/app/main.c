#include <stdio.h>
int main(void){puts("tremplin");return 0;}
