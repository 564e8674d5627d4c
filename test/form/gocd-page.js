/*
 * What GoCD's page does with a task plugin's form (its AngularPluginNew and Configurations), restated without Mithril:
 * the rewriting of GOINPUTNAME, one scope entry and one watch per key of `configuration`, the first error of each key,
 * a whole new start at every redraw, inputs disabled where the reader may not edit.
 */
window.gocd = (() => {
  const views = [];

  function configurations(stored) {
    const list = Object.entries(stored).map(([key, value]) => ({ key, value, errors: [] }));
    const find = (key) => list.find((one) => one.key === key);
    return {
      list,
      find,
      valueFor: (key) => find(key)?.value,
      set(key, value) {
        const known = find(key);
        if (known) known.value = value;
        else list.push({ key, value, errors: [] });
      },
    };
  }

  function initialize($scope, view) {
    view.listeners.splice(0).forEach((stop) => stop());
    $scope.GOINPUTNAME = {};
    for (const key of view.keys) {
      $scope[key] = view.model.valueFor(key);
      view.listeners.push($scope.$watch(key, (value) => view.model.set(key, value)));
      const [first] = view.model.find(key)?.errors ?? [];
      if (first) $scope.GOINPUTNAME[key] = { $error: { server: first } };
    }
    const kept = view.model.list.filter(({ key }) => view.keys.includes(key));
    view.model.list.splice(0, view.model.list.length, ...kept);
  }

  function open({ template, keys, stored, disabled }) {
    const view = { keys, model: configurations(stored), listeners: [], scope: undefined };
    const name = views.push(view) - 1;
    const element = document.createElement('div');
    element.className = 'plugin-view';
    element.setAttribute('ng-controller', `controller-${name}`);
    element.innerHTML = parsedOnce(template.replace(/GOINPUTNAME\[([^\]]*)\]/g, (_, key) => `GOINPUTNAME['${key}']`));
    document.querySelector('.foundation-form-hax').append(element);
    angular.module(`app-${name}`, []).controller(`controller-${name}`, [
      '$scope',
      ($scope) => {
        view.scope = $scope;
        initialize($scope, view);
      },
    ]);
    angular.bootstrap(element, [`app-${name}`]);
    if (disabled) disable(element);
    return name;
  }

  // GoCD has jQuery parse the template and write it out again.
  function parsedOnce(html) {
    const holder = document.createElement('div');
    holder.innerHTML = html;
    return holder.innerHTML;
  }

  function disable(element) {
    for (const input of element.querySelectorAll('input, textarea, select')) {
      input.setAttribute('readonly', 'true');
      input.setAttribute('disabled', 'true');
    }
  }

  /** A save that the server refused: the errors are put on the model and the page is redrawn. */
  function refuse(name, errors) {
    const { model } = views[name];
    for (const one of model.list) one.errors = errors[one.key] ? [errors[one.key]] : [];
    redraw(name);
  }

  function redraw(name) {
    initialize(views[name].scope, views[name]);
    views[name].scope.$apply();
  }

  const model = (name) => Object.fromEntries(views[name].model.list.map(({ key, value }) => [key, value]));
  return { open, refuse, redraw, model };
})();
