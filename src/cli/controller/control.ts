/** Where a controller and those who ask it meet: a file of the state folder, and a path on it. */
export const CONTROL_SOCKET = 'control.sock';
export const STATUS_PATH = '/status';
