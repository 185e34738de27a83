// SPDX-License-Identifier: Apache-2.0
// The applications of a customer, a partner, a product, a user, or all of them.
import type { Application } from '@interlock/client';
import { useLiveQuery } from '@interlock/react';
import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon } from '../../../components/icon';
import { ListState } from '../../../components/list_state';
import { Row, Rows } from '../../../components/rows';
import { useDays } from '../../../lib/days';
import { usePeople } from '../../../lib/people';
import { useMay } from '../../../session/session';
import { useT } from '../../../texts/context';
import { type Names, useNames } from '../names';
import { type ApplicationFilter, applicationsQuery } from '../queries';
import type { ServiceDefaults } from '../services/service_dialog';
import type { Hidden } from '../services/service_rows';
import { ApplicationStatus, isClosed } from '../status';
import { ApplicationDialog } from './application_dialog';
import { ApplicationMenu } from './application_menu';

interface Props {
  readonly filter: ApplicationFilter & { readonly sort?: 'due_date' };
  readonly hide?: Hidden;
  /** What a new one begins with; without it the page has its own way to add one. */
  readonly defaults?: ServiceDefaults;
}

export function ApplicationList({ filter, hide, defaults }: Props) {
  const t = useT();
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const live = useLiveQuery('applications', applicationsQuery(filter));
  const names = useNames(live.items);
  const add =
    defaults && may('applications.write') ? (
      <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>
        {t('applications.add')}
      </Button>
    ) : undefined;
  return (
    <>
      {add && live.items.length > 0 && (
        <Group justify="flex-end" className="list-head">
          {add}
        </Group>
      )}
      <ListState
        live={live}
        icon="audit"
        empty={t('applications.empty')}
        emptyText={t(may('applications.write') ? 'applications.empty_text' : 'common.empty_read')}
        emptyAction={add}
      >
        <Rows label={t('applications.title')}>
          {live.items.map((one) => (
            <ApplicationRow
              key={one.id}
              application={one}
              names={names}
              pending={live.pending.has(one.id)}
              hide={hide}
            />
          ))}
        </Rows>
      </ListState>
      {adding && defaults && <ApplicationDialog defaults={defaults} onClose={() => setAdding(false)} />}
    </>
  );
}

interface RowProps {
  readonly application: Application;
  readonly names: Names;
  readonly pending: boolean;
  readonly hide: Hidden | undefined;
}

function ApplicationRow({ application, names, pending, hide }: RowProps) {
  const people = usePeople();
  const due = useDue(application);
  const product = names.product(application.product);
  const customer = (
    <Link to="/customers/$id" params={{ id: application.customer }} className="text-link">
      {names.customer(application.customer)}
    </Link>
  );
  return (
    <Row
      title={hide === 'product' ? names.customer(application.customer) : product}
      to={`/applications/${application.id}`}
      facts={[
        hide !== 'customer' && hide !== 'product' ? customer : undefined,
        hide !== 'partner' ? names.partner(application.partner) : undefined,
        application.assigned_to ? people.nameOf(application.assigned_to) : undefined,
        due,
        application.partner_reference,
      ]}
      pending={pending}
    >
      <ApplicationStatus status={application.status} />
      <ApplicationMenu application={application} name={product} />
    </Row>
  );
}

/** Until when; late ones stand out. Nothing for what is closed. */
function useDue({ due_date, status }: Application) {
  const t = useT();
  const days = useDays();
  if (!due_date || isClosed(status)) return undefined;
  const isLate = due_date < days.today;
  return (
    <span className={isLate ? 'late' : undefined}>
      {t(isLate ? 'applications.late' : 'applications.due_on', { at: days.day(due_date) })}
    </span>
  );
}
