// SPDX-License-Identifier: Apache-2.0
import type { Area } from './area';

/** The page of one customer, and its timeline. */
export const customer = {
  'customer.details': { en: 'Details', es: 'Datos' },
  'customer.comments': { en: 'Comments', es: 'Comentarios' },
  'customer.timeline': { en: 'Timeline', es: 'Cronología' },
  'customer.history': { en: 'History', es: 'Historial' },
  'customer.missing': { en: 'There is no such {customer}', es: 'No existe ese {customer}' },
  'customer.missing_text': {
    en: 'It was deleted, or you may not see it any more.',
    es: 'Se eliminó, o ya no puede verlo.',
  },
  'customer.to_list': { en: 'To the list', es: 'A la lista' },
  'customer.move_to': { en: 'Move to', es: 'Pasar a' },
  'customer.revert': { en: 'Discard changes', es: 'Descartar cambios' },
  'customer.restored': {
    en: 'Your unsaved changes from before are here again.',
    es: 'Sus cambios sin guardar están aquí de nuevo.',
  },
  'customer.not_kept': {
    en: 'This browser keeps no drafts: save before you leave the page.',
    es: 'Este navegador no guarda borradores: guarde antes de salir.',
  },
  'customer.changed_by_others': { en: 'Others changed this to: {value}', es: 'Otros lo cambiaron a: {value}' },
  'customer.made': { en: 'Added on {at} by {name}', es: 'Añadido el {at} por {name}' },
  'customer.copy_link': { en: 'Copy the link', es: 'Copiar el enlace' },
  'customer.delete_question': { en: 'Delete {name}?', es: '¿Eliminar a {name}?' },
  'customer.deleted': { en: '{name} is in the trash for 30 days', es: '{name} está 30 días en la papelera' },
  'timeline.empty': { en: 'Nothing has happened yet', es: 'Aún no ha pasado nada' },
  'timeline.empty_text': {
    en: 'Calls, meetings and what else was done appear here.',
    es: 'Aquí aparecen llamadas, reuniones y lo demás.',
  },
  'timeline.pinned': { en: 'Pinned', es: 'Fijado' },
  'timeline.pin': { en: 'Pin', es: 'Fijar' },
  'timeline.unpin': { en: 'Unpin', es: 'Soltar' },
  'timeline.kind': { en: 'What was done', es: 'Qué se hizo' },
  'timeline.text': { en: 'What happened?', es: '¿Qué pasó?' },
  'timeline.add': { en: 'Add', es: 'Añadir' },
  'activity.call': { en: 'Call', es: 'Llamada' },
  'activity.email': { en: 'E-mail', es: 'Correo' },
  'activity.meeting': { en: 'Meeting', es: 'Reunión' },
  'activity.note': { en: 'Note', es: 'Nota' },
  'activity.conversion': { en: 'Became an application', es: 'Pasó a solicitud' },
  'activity.reminder': { en: 'Reminder', es: 'Recordatorio' },
} satisfies Area;
