export { type Order, runDesk } from "./desk.ts";
export { type Quote, startVenue, type Venue } from "./venue.ts";
