/** Where a controller and those who ask it meet: a file of the state folder, and paths on it. */
export const CONTROL_SOCKET = 'control.sock';
export const STATUS_PATH = '/status';
export const HEALTH_PATH = '/health';
export const DRAIN_PATH = '/drain';
export const UNDRAIN_PATH = '/undrain';
