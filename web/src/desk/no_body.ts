// A POST without a body still names the one kind the server lets through: what a form of another
// site could send is refused by its kind alone.
export const no_body = { 'Content-Type': 'application/json' }
