// SPDX-License-Identifier: Apache-2.0
import type { Area } from './area';

/** Words that many pages share, and what went wrong. */
export const common = {
  'common.save': { en: 'Save', es: 'Guardar' },
  'common.cancel': { en: 'Cancel', es: 'Cancelar' },
  'common.close': { en: 'Close', es: 'Cerrar' },
  'common.delete': { en: 'Delete', es: 'Eliminar' },
  'common.restore': { en: 'Restore', es: 'Restaurar' },
  'common.edit': { en: 'Edit', es: 'Editar' },
  'common.create': { en: 'Create', es: 'Crear' },
  'common.retry': { en: 'Try again', es: 'Reintentar' },
  'common.reload': { en: 'Reload the page', es: 'Recargar la página' },
  'common.back': { en: 'Back', es: 'Volver' },
  'common.loading': { en: 'Loading', es: 'Cargando' },
  'common.more': { en: 'Show more', es: 'Mostrar más' },
  'common.none': { en: 'None', es: 'Ninguno' },
  'common.nobody': { en: 'Nobody', es: 'Nadie' },
  'common.you': { en: '{name} (you)', es: '{name} (usted)' },
  'common.system': { en: 'System', es: 'Sistema' },
  'common.unknown_user': { en: 'Unknown', es: 'Desconocido' },
  'common.copy': { en: 'Copy', es: 'Copiar' },
  'common.copied': { en: 'Copied', es: 'Copiado' },
  'common.saved': { en: 'Saved', es: 'Guardado' },
  'common.pending': { en: 'Not confirmed yet', es: 'Aún sin confirmar' },
  'common.slow': {
    en: 'No answer yet. Whether it is done is not known; nothing is done twice.',
    es: 'Aún sin respuesta. No se sabe si está hecho; nada se hace dos veces.',
  },
  'common.slow_load': {
    en: 'The server has not answered yet. It is asked again by itself.',
    es: 'El servidor aún no ha respondido. Se le pregunta de nuevo automáticamente.',
  },
  'common.actions': { en: 'Actions', es: 'Acciones' },
  'common.name': { en: 'Name', es: 'Nombre' },
  'common.email': { en: 'E-mail address', es: 'Correo electrónico' },
  'common.status': { en: 'Status', es: 'Estado' },
  'common.optional': { en: 'optional', es: 'opcional' },
  'common.nothing_found': { en: 'Nothing found', es: 'Sin resultados' },
  'error.title': { en: 'That did not work', es: 'No ha funcionado' },
  'error.load': { en: 'This could not be loaded', es: 'No se pudo cargar' },
  'error.page': { en: 'This page failed', es: 'Esta página ha fallado' },
  'error.page_more': {
    en: 'The fault is in the program, not in what you did. Nothing that you saved is lost.',
    es: 'El fallo está en el programa, no en lo que hizo. No se pierde nada de lo guardado.',
  },
  'error.new_release': {
    en: 'The application was updated meanwhile. Reload the page to go on.',
    es: 'La aplicación se actualizó entretanto. Recargue la página para continuar.',
  },
  'error.connection_lost': {
    en: 'The server cannot be reached. Check your connection and try again.',
    es: 'No se alcanza el servidor. Compruebe la conexión e inténtelo de nuevo.',
  },
  'error.timed_out': {
    en: 'The server did not answer in time. Try again; nothing is done twice.',
    es: 'El servidor no respondió a tiempo. Inténtelo de nuevo; nada se hace dos veces.',
  },
  'error.html': {
    en: 'A web page came instead of an answer. Does your network ask for a log-in?',
    es: 'Llegó una página web en lugar de una respuesta. ¿Su red pide iniciar sesión?',
  },
  'error.broken': {
    en: 'The answer of the server is damaged. Try again.',
    es: 'La respuesta del servidor está dañada. Inténtelo de nuevo.',
  },
  'error.gateway': {
    en: 'The server cannot be reached behind its proxy. Try again in a moment.',
    es: 'El servidor no responde tras su proxy. Inténtelo en un momento.',
  },
  'error.server': {
    en: 'The server failed. Try again; if it stays so, tell your administrator.',
    es: 'El servidor ha fallado. Inténtelo de nuevo; si persiste, avise a su administrador.',
  },
  'error.storage': {
    en: 'This browser cannot keep what you do (is it full, or a private window?).',
    es: 'Este navegador no puede guardar lo que hace (¿lleno o ventana privada?).',
  },
  'error.discarded': { en: 'You discarded this action.', es: 'Descartó esta acción.' },
  'error.unauthenticated': {
    en: 'Your session has ended. Log in again.',
    es: 'Su sesión ha terminado. Inicie sesión de nuevo.',
  },
  'error.forbidden': {
    en: 'You may not do this. Ask an administrator of your company.',
    es: 'No tiene permiso. Pida ayuda a un administrador de su empresa.',
  },
  'error.cross_site': {
    en: 'The request came from another site and was refused.',
    es: 'La petición venía de otro sitio y fue rechazada.',
  },
  'error.not_found': { en: 'This does not exist, or you may not see it.', es: 'Esto no existe, o no puede verlo.' },
  'error.stale_version': {
    en: 'Somebody changed this meanwhile. Look at the difference and choose.',
    es: 'Alguien lo cambió entretanto. Mire la diferencia y elija.',
  },
  'error.status_mismatch': { en: 'The status is not what you saw any more.', es: 'El estado ya no es el que vio.' },
  'error.no_transition': {
    en: 'This move of the status is not allowed.',
    es: 'Este cambio de estado no está permitido.',
  },
  'error.id_taken': { en: 'This was made already.', es: 'Esto ya se creó.' },
  'error.not_unique': { en: 'This exists already.', es: 'Esto ya existe.' },
  'error.referenced': {
    en: 'Something else needs this; it cannot be deleted.',
    es: 'Otra cosa lo necesita; no se puede eliminar.',
  },
  'error.leased': { en: '{name} is editing this at the moment.', es: '{name} lo está editando ahora.' },
  'error.precondition_required': {
    en: 'Load the page anew and try again.',
    es: 'Recargue la página e inténtelo de nuevo.',
  },
  'error.required': { en: 'This is needed.', es: 'Es obligatorio.' },
  'error.too_long': { en: 'This is too long: {limit} at most.', es: 'Es demasiado largo: {limit} como máximo.' },
  'error.invalid_value': { en: 'This is not valid.', es: 'No es válido.' },
  'error.out_of_range': { en: 'This is out of range.', es: 'Está fuera del rango.' },
  'error.unknown_reference': {
    en: 'What this refers to does not exist any more.',
    es: 'Aquello a lo que se refiere ya no existe.',
  },
  'error.too_many': {
    en: 'Too many tries. Wait a few minutes and try again.',
    es: 'Demasiados intentos. Espere unos minutos e inténtelo de nuevo.',
  },
  'error.overloaded': {
    en: 'The server is busy. Try again in a moment.',
    es: 'El servidor está ocupado. Inténtelo en un momento.',
  },
  'error.commit_unknown': {
    en: 'It is not known yet whether this was saved. Try again; nothing is done twice.',
    es: 'Aún no se sabe si se guardó. Inténtelo de nuevo; nada se hace dos veces.',
  },
  'error.out_of_service': {
    en: 'Your company’s data is out of service at the moment. Tell your administrator.',
    es: 'Los datos de su empresa no están disponibles ahora. Avise a su administrador.',
  },
  'error.disk_full': {
    en: 'The server has no room left. Tell your administrator.',
    es: 'El servidor no tiene espacio. Avise a su administrador.',
  },
  'error.login_failed': {
    en: 'E-mail address or password is wrong.',
    es: 'El correo o la contraseña no son correctos.',
  },
  'error.link_invalid': {
    en: 'This link has been used already or is too old. Ask for a new one.',
    es: 'Este enlace ya se usó o ha caducado. Pida uno nuevo.',
  },
  'error.already_set_up': {
    en: 'This server is set up already. Log in.',
    es: 'Este servidor ya está configurado. Inicie sesión.',
  },
  'error.module_off': {
    en: 'This module is switched off for your company.',
    es: 'Este módulo está desactivado para su empresa.',
  },
  'error.last_owner': {
    en: 'A company keeps one active owner at least.',
    es: 'Una empresa conserva al menos un propietario activo.',
  },
  'error.key_reused': {
    en: 'This action was already sent in another form. Load the page anew.',
    es: 'Esta acción ya se envió de otra forma. Recargue la página.',
  },
  'error.draining': {
    en: 'The server is being restarted. Try again in a moment.',
    es: 'El servidor se está reiniciando. Inténtelo en un momento.',
  },
  'error.body_too_large': { en: 'This is too large to be sent.', es: 'Es demasiado grande para enviarlo.' },
  'error.other': { en: 'The server refused this: {detail}', es: 'El servidor lo rechazó: {detail}' },
  'error.field': { en: '{field}: {message}', es: '{field}: {message}' },
} satisfies Area;
