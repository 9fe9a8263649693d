import { removeBrandLogo } from '../../../queues/commands/remove-brand-logo.ts';
import { brands } from '../../resources/brands.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `DELETE /v1/admin/brands/{id}/logo` */
export function removeBrandLogoRoute(deps: ResourceDependencies) {
  return changeResource(deps, brands, {
    command: removeBrandLogo,
    summary: 'Take the logo of a brand away',
    description:
      'Its pictures are deleted, those of its logos before too; caches forget them within a day. ' +
      'Mails show the name of the brand in their place.',
    method: 'delete',
    action: 'logo',
  });
}
