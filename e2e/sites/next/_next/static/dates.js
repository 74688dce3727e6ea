export const long = (day) => new Date(`${day}T12:00:00Z`).toDateString();
