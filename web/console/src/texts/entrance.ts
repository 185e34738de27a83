// SPDX-License-Identifier: Apache-2.0
import type { Area } from './area';

/** Log-in, set-up, invitation, reset and the user's own account. */
export const entrance = {
  'log_in.ended': {
    en: 'Your session has ended. Log in again.',
    es: 'Su sesión ha terminado. Inicie sesión de nuevo.',
  },
  'log_in.title': { en: 'Log in', es: 'Iniciar sesión' },
  'log_in.password': { en: 'Password', es: 'Contraseña' },
  'log_in.submit': { en: 'Log in', es: 'Iniciar sesión' },
  'log_in.forgotten': { en: 'Forgotten your password?', es: '¿Olvidó su contraseña?' },
  'log_in.reset_sent': {
    en: 'If there is an account with this address, a link is on its way. It is good for a short time and once.',
    es: 'Si existe una cuenta con esta dirección, el enlace está en camino. Vale poco tiempo y una sola vez.',
  },
  'log_in.reset_title': { en: 'Set a new password', es: 'Nueva contraseña' },
  'log_in.reset_text': { en: 'We send a link to your address.', es: 'Enviamos un enlace a su dirección.' },
  'log_in.reset_no_mail': {
    en: 'No mail server is set up here yet, so no link can be sent. Ask whoever runs this server for one.',
    es: 'Aquí aún no hay servidor de correo configurado, así que no se puede enviar un enlace. Pídalo a quien gestiona este servidor.',
  },
  'log_in.reset_send': { en: 'Send the link', es: 'Enviar el enlace' },
  'log_in.to_log_in': { en: 'To the log-in', es: 'Al inicio de sesión' },
  'log_in.tenants': { en: 'Where do you want to work?', es: '¿Dónde quiere trabajar?' },
  'log_in.demo': { en: 'Demo', es: 'Demostración' },
  'log_in.demo_text': { en: 'Look around with one of these log-ins.', es: 'Pruebe con una de estas cuentas.' },
  'password.new': { en: 'New password', es: 'Contraseña nueva' },
  'password.again': { en: 'The same again', es: 'Repítala' },
  'password.differs': { en: 'The two differ.', es: 'No coinciden.' },
  'demo.tenant.demo': {
    en: '10,000 customers that everybody shares',
    es: '10.000 clientes que todos comparten',
  },
  'demo.tenant.agency': {
    en: 'An education agency: services, applications, partners',
    es: 'Una agencia educativa: servicios, solicitudes, socios',
  },
  'demo.tenant.other': {
    en: 'A neighbour, to see what stays apart',
    es: 'Una empresa vecina, para ver qué queda separado',
  },
  'demo.staff.demo': { en: 'Daily work with all customers', es: 'Trabajo diario con todos los clientes' },
  'demo.staff.agency': {
    en: 'Daily work with the clients assigned to them',
    es: 'Trabajo diario con los clientes que se le asignaron',
  },
  'field.missing': { en: 'Fill in this field.', es: 'Rellene este campo.' },
  'error.email_address': {
    en: 'An e-mail address is like ana@example.com, with a dot behind the @.',
    es: 'Un correo es como ana@example.com, con un punto detrás de la @.',
  },
  'password.set': { en: 'Set the password', es: 'Guardar la contraseña' },
  'password.done': {
    en: 'Your password is set. Log in with it.',
    es: 'Su contraseña está guardada. Inicie sesión con ella.',
  },
  'password.current': { en: 'Your password now', es: 'Su contraseña actual' },
  'password.short': {
    en: 'Too short: it needs at least {n} characters.',
    es: 'Demasiado corta: necesita al menos {n} caracteres.',
  },
  'password.rules': { en: 'At least {n} characters.', es: 'Al menos {n} caracteres.' },
  'invitation.title': { en: 'Welcome', es: 'Le damos la bienvenida' },
  'invitation.text': {
    en: 'You will log in as {email}. Choose a password.',
    es: 'Iniciará sesión como {email}. Elija una contraseña.',
  },
  'invitation.known_text': {
    en: 'You have an account already: type the password of {email}.',
    es: 'Ya tiene una cuenta: escriba la contraseña de {email}.',
  },
  'invitation.from': { en: '{name} invited you to {company}', es: '{name} le ha invitado a {company}' },
  'invitation.into': { en: 'You were invited to {company}', es: 'Ha recibido una invitación a {company}' },
  'invitation.name': { en: 'Your name', es: 'Su nombre' },
  'invitation.accept': { en: 'Accept the invitation', es: 'Aceptar la invitación' },
  'link.missing': { en: 'This page needs a link', es: 'Esta página necesita un enlace' },
  'link.missing_text': {
    en: 'Open the link that you were given, as a whole. If it is lost, ask for a new one.',
    es: 'Abra completo el enlace que le dieron. Si lo perdió, pida uno nuevo.',
  },
  'set_up.title': { en: 'Set up Interlock', es: 'Configurar Interlock' },
  'set_up.text': {
    en: 'Make your company and the account of its owner.',
    es: 'Cree su empresa y la cuenta de su propietario.',
  },
  'set_up.link_text': {
    en: 'The server printed a link when it started. Open that one: it proves that you run the server.',
    es: 'El servidor mostró un enlace al arrancar. Ábralo: demuestra que usted gestiona el servidor.',
  },
  'set_up.company': { en: 'Company', es: 'Empresa' },
  'set_up.slug': { en: 'Short name', es: 'Nombre corto' },
  'set_up.slug_text': { en: 'Small letters, digits and hyphens.', es: 'Minúsculas, cifras y guiones.' },
  'set_up.purpose': { en: 'What does it do?', es: '¿A qué se dedica?' },
  'set_up.purpose_text': {
    en: 'It decides what is switched on. The settings change it at any time.',
    es: 'Decide qué está activado. Se cambia cuando quiera en los ajustes.',
  },
  'purpose.sales': { en: 'Sales and service', es: 'Ventas y atención' },
  'purpose.sales_text': { en: 'Customers, tasks and notes.', es: 'Clientes, tareas y notas.' },
  'purpose.trade': { en: 'Sales of partners’ products', es: 'Venta de productos de socios' },
  'purpose.trade_text': { en: 'Customers, partners and products.', es: 'Clientes, socios y productos.' },
  'purpose.agency': { en: 'Agency', es: 'Agencia' },
  'purpose.agency_text': {
    en: 'Customers, partners and products, services and their applications.',
    es: 'Clientes, socios y productos, servicios y sus solicitudes.',
  },
  'set_up.owner': { en: 'Owner', es: 'Propietario' },
  'set_up.submit': { en: 'Set up', es: 'Configurar' },
  'set_up.done': { en: 'Already set up', es: 'Ya está configurado' },
  'set_up.done_text': {
    en: 'This server has its company. Log in to go on.',
    es: 'Este servidor ya tiene su empresa. Inicie sesión para seguir.',
  },
  'account.title': { en: 'My account', es: 'Mi cuenta' },
  'account.profile': { en: 'Profile', es: 'Perfil' },
  'account.password': { en: 'Password', es: 'Contraseña' },
  'account.password_text': { en: 'A change ends your other sessions.', es: 'El cambio cierra sus otras sesiones.' },
  'account.change': { en: 'Change the password', es: 'Cambiar la contraseña' },
  'account.changed': {
    en: 'Password changed; your other sessions have ended',
    es: 'Contraseña cambiada; sus otras sesiones han terminado',
  },
  'account.sessions': { en: 'Sessions', es: 'Sesiones' },
  'account.sessions_text': {
    en: 'Ends all your sessions, in every browser and in all companies, this one too.',
    es: 'Cierra todas sus sesiones, en todos los navegadores y empresas, también esta.',
  },
  'account.log_out_everywhere': { en: 'Log out everywhere', es: 'Cerrar todas las sesiones' },
  'account.confirm_everywhere': { en: 'Log out everywhere?', es: '¿Cerrar todas las sesiones?' },
} satisfies Area;
