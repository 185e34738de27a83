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
  'common.empty_read': { en: 'What others add appears here.', es: 'Aquí aparece lo que añaden otros.' },
  'common.nobody': { en: 'Nobody', es: 'Nadie' },
  'common.you': { en: '{name} (you)', es: '{name} (usted)' },
  'common.system': { en: 'System', es: 'Sistema' },
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
  'error.page_offline_title': { en: 'No connection', es: 'Sin conexión' },
  'error.page_offline': {
    en: 'This page was not opened here before, and is fetched when there is a network again. The others work on.',
    es: 'Esta página no se había abierto aquí y se cargará cuando vuelva la red. Las demás siguen funcionando.',
  },
  'error.not_here': { en: 'Not loaded on this device yet', es: 'Aún no se ha cargado en este dispositivo' },
  'error.not_here_text': {
    en: 'This was not open when the connection was lost. It needs the network, and comes by itself once it is back.',
    es: 'No estaba abierto cuando se perdió la conexión. Necesita la red y aparecerá en cuanto vuelva.',
  },
  'error.new_release': {
    en: 'The application was updated meanwhile. Reload the page to go on.',
    es: 'La aplicación se actualizó entretanto. Recargue la página para continuar.',
  },
} satisfies Area;
