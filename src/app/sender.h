/* The process that has the network: it asks other servers, and sends what waits. */
#pragma once

struct role_place;

void sender_run(const struct role_place *place);
