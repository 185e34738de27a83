// SPDX-License-Identifier: Apache-2.0
import type { Area } from './area';

/** A tenant's settings. */
export const settings = {
  'settings.title': { en: 'Settings', es: 'Ajustes' },
  'settings.text': { en: '{name}: what holds for everybody.', es: '{name}: lo que vale para todos.' },
  'settings.general': { en: 'Language and place', es: 'Idioma y lugar' },
  'settings.language': { en: 'Language', es: 'Idioma' },
  'settings.currency': { en: 'Currency', es: 'Moneda' },
  'settings.time_zone': { en: 'Time zone', es: 'Zona horaria' },
  'settings.first_day_of_week': { en: 'First day of the week', es: 'Primer día de la semana' },
  'settings.country': { en: 'Country, for phone numbers', es: 'País, para los teléfonos' },
  'settings.labels': { en: 'Your words', es: 'Sus palabras' },
  'settings.labels_text': {
    en: 'What you call those whom you serve, in {language}. Whoever reads another language gets its usual words.',
    es: 'Cómo llama a quienes atiende, en {language}. Quien lee en otro idioma ve las palabras usuales de este.',
  },
  'settings.one': { en: 'One', es: 'Uno' },
  'settings.many': { en: 'Many', es: 'Varios' },
  'settings.modules': { en: 'Modules', es: 'Módulos' },
  'settings.modules_text': {
    en: 'What is switched off disappears from the navigation and refuses requests; nothing is deleted.',
    es: 'Lo desactivado desaparece de la navegación y rechaza peticiones; no se borra nada.',
  },
  'settings.editing': { en: 'Editing', es: 'Edición' },
  'settings.binding': {
    en: 'Who edits a {customer} locks it for others',
    es: 'Quien edita un {customer} lo bloquea para los demás',
  },
  'settings.binding_text': {
    en: 'Otherwise others are told, and conflicts are resolved field by field.',
    es: 'Si no, se avisa a los demás y los conflictos se resuelven campo a campo.',
  },
  'settings.statuses': { en: 'Statuses of {customers}', es: 'Estados de {customers}' },
  'settings.statuses_text': {
    en: 'The columns of the board, and the moves between them.',
    es: 'Las columnas del tablero y los pasos entre ellas.',
  },
  'settings.status_new': { en: 'Add a status', es: 'Añadir un estado' },
  'settings.status_edit': { en: 'Status “{name}”', es: 'Estado «{name}»' },
  'settings.status_name': { en: 'Name', es: 'Nombre' },
  'settings.status_name_text': { en: 'It cannot be changed later.', es: 'No se puede cambiar después.' },
  'settings.status_type': { en: 'Kind', es: 'Tipo' },
  'settings.status_position': { en: 'Position', es: 'Posición' },
  'settings.status_moves': { en: 'May move to', es: 'Puede pasar a' },
  'settings.status_delete': { en: 'Delete the status “{name}”?', es: '¿Eliminar el estado «{name}»?' },
  'status_type.open': { en: 'Open', es: 'Abierto' },
  'status_type.ongoing': { en: 'Ongoing', es: 'En curso' },
  'status_type.won': { en: 'Won', es: 'Ganado' },
  'status_type.lost': { en: 'Lost', es: 'Perdido' },
  'module.crm': { en: '{Customers}, tasks and notes', es: '{Customers}, tareas y notas' },
  'module.catalogue': { en: 'Partners and products', es: 'Socios y productos' },
  'module.agency': { en: 'Services and applications', es: 'Servicios y solicitudes' },
} satisfies Area;
