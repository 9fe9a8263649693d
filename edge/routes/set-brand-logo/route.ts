import { setBrandLogo } from '../../../queues/commands/set-brand-logo.ts';
import { brands } from '../../resources/brands.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PUT /v1/admin/brands/{id}/logo` */
export function setBrandLogoRoute(deps: ResourceDependencies) {
  return changeResource(deps, brands, {
    command: setBrandLogo,
    summary: 'Make an upload the logo of a brand',
    description:
      'The picture is checked and drawn anew, as PNG, upright and without whatever else the file ' +
      'told (place, camera, comments). What is no picture that can be taken is refused, and the ' +
      'logo of before stays. Mails that show that one go on showing it.',
    method: 'put',
    action: 'logo',
  });
}
